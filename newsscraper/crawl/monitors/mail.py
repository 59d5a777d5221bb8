"""A mail when a monitor fails, with Spidermon's settings. Needs the extra `notify`, so it is imported by name only."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from spidermon.contrib.actions.email import SendEmail

from newsscraper.errors import InputError

_SECONDS = 30.0


class MailNotice(SendEmail):  # type: ignore[misc] # Spidermon has no types
    """Text by SMTP: `SPIDERMON_EMAIL_TO`, `SPIDERMON_EMAIL_SENDER`, `SPIDERMON_SMTP_HOST` and what else they set.

    Spidermon's own SMTP action sends the source of a MIME message as text, wants a password of every server, and stands
    on a module that Scrapy is about to drop; what it composes and its settings are kept here.
    """

    subject = "newsscraper: {{ data.notice.site }}: exit {{ data.notice.exit_code }}"
    body_text = "{{ data.notice.text }}"
    body_html_template = None

    def __init__(self, smtp: dict[str, Any], **options: Any) -> None:
        super().__init__(**options)
        self._smtp = smtp
        for name, value in {"SPIDERMON_EMAIL_SENDER": self.sender, "SPIDERMON_SMTP_HOST": smtp["host"]}.items():
            if not value:
                raise InputError(f"{name}: expected a value, to send mail with")

    @classmethod
    def from_crawler_kwargs(cls, crawler: Any) -> dict[str, Any]:
        """What the settings say."""
        settings = crawler.settings
        smtp = {
            "host": settings.get("SPIDERMON_SMTP_HOST"),
            "port": settings.getint("SPIDERMON_SMTP_PORT"),
            "user": settings.get("SPIDERMON_SMTP_USER"),
            "password": settings.get("SPIDERMON_SMTP_PASSWORD"),
            "starttls": settings.getbool("SPIDERMON_SMTP_ENFORCE_TLS"),
            "ssl": settings.getbool("SPIDERMON_SMTP_ENFORCE_SSL"),
        }
        options: dict[str, Any] = super().from_crawler_kwargs(crawler)
        return options | {"smtp": smtp}

    def get_message(self) -> EmailMessage:
        """The mail, its headers free of line ends."""
        message = EmailMessage()
        message["Subject"] = " ".join(self.get_subject().split())
        message["From"] = self.sender
        message["To"] = ", ".join(self.to)
        if self.cc:
            message["Cc"] = ", ".join(self.cc)
        if self.reply_to:
            message["Reply-To"] = self.reply_to
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain="newsscraper.invalid")
        message.set_content(self.get_body_text())
        html = self.get_body_html()
        if html:
            message.add_alternative(html, subtype="html")
        return message

    def send_message(self, message: EmailMessage, **_: Any) -> None:
        """Hand it to the server. Raises `OSError` where that does not take it."""
        host, port = self._smtp["host"], self._smtp["port"]
        context = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
            if self._smtp["ssl"]
            else smtplib.SMTP(host, port, timeout=_SECONDS)
        )
        with server:
            if self._smtp["starttls"]:
                server.starttls(context=context)
            if self._smtp["user"]:
                server.login(self._smtp["user"], self._smtp["password"] or "")
            server.send_message(message, to_addrs=[*self.to, *(self.cc or ()), *(self.bcc or ())])
