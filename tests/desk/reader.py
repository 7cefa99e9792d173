"""A person at a real browser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PHONE, LAPTOP = 390, 1280
"""Widths of screens, in pixels."""

CONTRASTS = """
const parse = colour => colour.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
  .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const ground = e => {
  for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c;
  }
};
const poor = [];
for (const e of document.querySelectorAll("body *")) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.closest("svg") || !e.offsetParent) continue;
  const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
  if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(e.className + ": " + e.textContent.slice(0, 40));
}
return poor;
"""
"""The texts whose contrast to their ground is less than WCAG's 4.5 (level AA)."""


class Reader:
    """A person at a browser."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver = driver
        self.address = address
        self.expected: set[int] = set()
        """Statuses of answers that are meant, and of which the browser may complain."""

    def open(self, path: str, *, width: int = LAPTOP, scheme: str = "light") -> None:
        """Go to a page, on a screen so many pixels wide, in a light or dark colour scheme."""
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        look = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", look)
        self.driver.get(self.address + path)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return [one.text for one in self.all(selector)]

    def press(self, *keys: str) -> None:
        self.driver.switch_to.active_element.send_keys(*keys)

    def tab_to(self, selector: str) -> None:
        """Press Tab until an element has the focus."""
        for _ in range(60):
            self.press(Keys.TAB)
            if self.driver.execute_script("return document.activeElement.matches(arguments[0])", selector):
                return
        raise AssertionError(f"Tab does not reach {selector}")

    def leave(self, act: WebElement | str) -> None:
        """Click something, or press a key, and wait for the next page."""
        page = self.all("html")[0]
        if isinstance(act, str):
            self.press(act)
        else:
            act.click()
        WebDriverWait(self.driver, 20).until(lambda _: _stale(page))

    def complaints(self) -> list[str]:
        """What the browser's console has said since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    @property
    def query(self) -> str:
        return parse_qs(urlsplit(self.driver.current_url).query).get("q", [""])[0]


def _stale(page: WebElement) -> bool:
    try:
        return not page.is_enabled()
    except (StaleElementReferenceException, WebDriverException):
        return True
