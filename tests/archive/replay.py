"""Pages as pywb replays them, for `test_handed_over`: a process of its own, since pywb patches what it imports.

Arguments: a JSON list of `[index, folder of archives, timestamp, URL]`. Prints a JSON list of status and page.
"""

from __future__ import annotations

import contextlib
import json
import sys

from pywb.apps.frontendapp import FrontEndApp
from werkzeug.test import Client


def main() -> None:
    asked = json.loads(sys.argv[1])
    collections = {
        f"c{number}": {"index": index, "archive_paths": f"{folder}/"}
        for number, (index, folder, _, _) in enumerate(asked)
    }
    with contextlib.redirect_stdout(sys.stderr):
        client = Client(FrontEndApp(config_file=None, custom_config={"collections": collections}))
        answers = [client.get(f"/c{number}/{at}id_/{url}") for number, (_, _, at, url) in enumerate(asked)]
    print(json.dumps([[answer.status_code, answer.data.decode("utf-8", "replace")] for answer in answers]))


if __name__ == "__main__":
    main()
