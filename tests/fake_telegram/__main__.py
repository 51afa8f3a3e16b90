"""`python -m tests.fake_telegram --port N [--token T]`: prints its URL, then serves until it is ended."""

import argparse
import asyncio
import sys

from tests.fake_telegram.control import routes
from tests.fake_telegram.server import TOKEN, FakeTelegram


async def serve(port: int, token: str) -> None:
    telegram = FakeTelegram(port=port, token=token)
    await telegram.start(routes(telegram))
    sys.stdout.write(f"{telegram.url}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_telegram")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.token))


if __name__ == "__main__":
    main()
