"""A server whose runs say 200 KB a step and whose viewers have a second to take a message."""

from __future__ import annotations

from functools import partial

from app import main
from app.executors import local
from app.web import server
from app.web.sockets import Viewers

if __name__ == "__main__":
    # set where the server's own main looks for them; everything else is as it is
    vars(local).update(
        LocalExecutor=partial(
            local.LocalExecutor, trainer="tests.contracts.fake_training:FakeTraining"
        )
    )
    vars(server).update(Viewers=partial(Viewers, send_within=1.0))
    main.main()
