"""The people of a journey, each in a window of the own login; whatever breaks in it is told."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, Response

from tests.machinery import DESK

FIRST, OWN = "长口令-not-secret-1", "自己的口令-not-secret-2"


class People:
    """`people("chen")` is the window of 陈组长: opened and signed in when first needed."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._windows: dict[str, Page] = {}
        self.broken: list[str] = []

    def __call__(self, login: str) -> Page:
        if login not in self._windows:
            self._windows[login] = self._signed_in(login)
        return self._windows[login]

    def visitor(self) -> Page:
        """Somebody from the street, without any login."""
        if "" not in self._windows:
            self._windows[""] = self._window()
        return self._windows[""]

    def _window(self) -> Page:
        context = self._browser.new_context(
            viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=self._url
        )
        window = context.new_page()
        window.on("response", self._note)
        window.on("pageerror", lambda error: self.broken.append(str(error)))
        return window

    def _note(self, answer: Response) -> None:
        if answer.status >= 400:
            self.broken.append(f"{answer.status} {answer.url}")

    def _signed_in(self, login: str) -> Page:
        """The first time the password that somebody else gave has to be replaced."""
        window = self._window()
        window.goto("/login/")
        window.get_by_label("登录名").fill(login)
        window.get_by_label("密码").fill(FIRST)
        window.get_by_role("button", name="登录").click()
        window.get_by_label("新密码").fill(OWN)
        window.get_by_label("再输入一次").fill(OWN)
        window.get_by_role("button", name="保存新密码").click()
        window.get_by_text("密码已修改").wait_for()
        return window

    def leave(self) -> None:
        for window in self._windows.values():
            window.context.close()


@contextmanager
def at_work(browser: Browser, url: str) -> Iterator[People]:
    people = People(browser, url)
    yield people
    people.leave()
    assert people.broken == []


def turn(window: Page, way: Locator) -> Page:
    """Take a way that leads to another page, and be there: nothing is read from the old one."""
    with window.expect_navigation():
        way.click()
    return window


def room(window: Page, name: str) -> Page:
    """The room of that name, by the navigation."""
    rooms = window.get_by_role("navigation", name="主导航")
    return turn(window, rooms.get_by_role("link", name=name))


def press(window: Page, name: str) -> Page:
    """The button that says so, and nothing that only contains it; it sends a form."""
    return turn(window, window.get_by_role("button", name=name, exact=True))


def shows(window: Page, text: str) -> None:
    window.get_by_text(text).first.wait_for()
