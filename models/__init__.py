"""Networks: plain and residual stacks. Torch and the standard library only."""
