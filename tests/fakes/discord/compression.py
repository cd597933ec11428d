"""Transport compression of the gateway: one stream for each socket."""

import importlib
import zlib
from collections.abc import Callable

from aiohttp import web


def compressor_for(name: str | None) -> Callable[[bytes], bytes] | None:
    """The transport compression that the client asked for in its URL."""
    match name:
        case None:
            return None
        case "zlib-stream":
            stream = zlib.compressobj()
            return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)
        case "zstd-stream":
            return _zstd()
        case _:
            raise web.HTTPBadRequest(text="unknown compression")


def _zstd() -> Callable[[bytes], bytes]:
    """Clients ask for zstd where Python has it: built in from 3.14, or as a package."""
    try:
        built_in = importlib.import_module("compression.zstd")
    except ModuleNotFoundError:
        package = importlib.import_module("zstandard")
        stream = package.ZstdCompressor().compressobj()
        flush = package.COMPRESSOBJ_FLUSH_BLOCK
        return lambda data: bytes(stream.compress(data) + stream.flush(flush))
    compressor = built_in.ZstdCompressor()
    return lambda data: bytes(compressor.compress(data, built_in.ZstdCompressor.FLUSH_BLOCK))
