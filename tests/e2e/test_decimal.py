"""The switch for tables with decimal commas is one choice for all pages."""

from __future__ import annotations

import csv
import io
import re

from playwright.sync_api import Page, expect

from tests.e2e.lab import SMALL, Lab


def test_tables_are_taken_away_with_decimal_commas(page: Page) -> None:
    lab = Lab(page).open(SMALL)
    lab.train.click()
    lab.finished()
    table = page.locator("#export").get_by_role("link", name="CSV")
    expect(table).to_have_attribute("href", re.compile("format=csv$"))
    page.get_by_label("CSV with decimal commas").check()
    with page.expect_download() as download:
        table.evaluate("(link) => { link.download = ''; link.click(); }")
    text = download.value.path().read_text(encoding="utf-8")
    values = [row["value"] for row in csv.DictReader(io.StringIO(text), delimiter=";")]
    assert any("," in value for value in values)
    page.goto("runs")
    entry = page.locator(".entry").first
    entry.locator("summary").click()
    switch = entry.get_by_label("CSV with decimal commas")
    expect(switch).to_be_checked()
    table = entry.get_by_role("link", name="CSV")
    expect(table).to_have_attribute("href", re.compile("decimal=comma"))
    switch.uncheck()
    expect(table).to_have_attribute("href", re.compile("format=csv$"))
