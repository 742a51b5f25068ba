"""Drives the probe service with grpcio and prints one line of JSON for each thing it saw.

Argument: host:port. Messages are put into bytes and back by hand, so that no generated code is needed.
"""
import json
import sys

import grpc

PROBE = "/settlement.contract.v1.Probe/"


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def encode(fields):
    """Bytes of a message with these field numbers; texts and bytes by length, numbers as varints, empty ones not at all."""
    out = b""
    for number, value in fields.items():
        if isinstance(value, str):
            value = value.encode()
        if not value:
            continue
        if isinstance(value, bytes):
            out += varint(number << 3 | 2) + varint(len(value)) + value
        else:
            out += varint(number << 3) + varint(value)
    return out


def decode(data):
    """The fields of a message: a list of values for each number."""
    fields, at = {}, 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = number()
        value = number()
        if key & 7 == 2:
            value, at = data[at:at + value], at + value
        fields.setdefault(key >> 3, []).append(value)
    return fields


def text(message):
    fields = decode(message)
    return [fields.get(1, [b""])[0].decode(), fields.get(2, [0])[0]]


def say(name, value):
    print(json.dumps({"name": name, "value": value}, ensure_ascii=True), flush=True)


def failure(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call did not fail")


def code(error):
    return error.code().value[0]


def main(address):
    channel = grpc.insecure_channel(address)
    echo, fail, wait, missing = (channel.unary_unary(PROBE + name) for name in ("Echo", "Fail", "Wait", "Missing"))

    say("unary", text(echo(encode({1: "医保", 2: 7}))))
    total = decode(channel.stream_unary(PROBE + "Collect")(iter([encode({1: part}) for part in ("a", "bb", "ccc")])))
    say("client stream", [total[1][0], total[2][0]])
    produced = [text(message)[1] for message in channel.unary_stream(PROBE + "Produce")(encode({1: 500, 2: 1000}))]
    say("server stream", produced == list(range(500)))
    replies = channel.stream_stream(PROBE + "Chat")(iter([encode({2: number}) for number in range(5)]))
    say("duplex", [text(message)[1] for message in replies])

    say("deadline", code(failure(lambda: wait(b"", timeout=0.3))))
    future = wait.future(b"")
    future.cancel()
    say("cancel", code(future))
    say("missing", code(failure(lambda: missing(b""))))
    say("unknown service", code(failure(lambda: channel.unary_unary("/no.Such/Thing")(b""))))

    error = failure(lambda: fail(encode({1: 9, 2: "余额不足", 3: "ACCOUNT_CLOSED"})))
    trailers = dict(error.trailing_metadata())
    say("failure", [code(error), error.details(), b"ACCOUNT_CLOSED" in trailers["grpc-status-details-bin"]])

    _, call = echo.with_call(b"", metadata=(("x-text", "plain"), ("x-bytes-bin", bytes([0, 1, 254, 255]))))
    seen = [dict(call.initial_metadata()), dict(call.trailing_metadata())]
    say("metadata", [[one["x-text"], list(one["x-bytes-bin"])] for one in seen])

    long = "z" * 100000
    say("gzip", text(echo(encode({1: long}), compression=grpc.Compression.Gzip))[0] == long)

    check = channel.unary_unary("/grpc.health.v1.Health/Check")
    say("health", decode(check(b""))[1][0])
    say("health unknown", code(failure(lambda: check(encode({1: "unknown"})))))

    for version in ("v1", "v1alpha"):
        reflect = channel.stream_stream("/grpc.reflection.%s.ServerReflection/ServerReflectionInfo" % version)
        listed, described = reflect(iter([encode({7: "*"}), encode({4: "settlement.contract.v1.Probe"})]))
        names = [decode(service)[1][0].decode() for service in decode(decode(listed)[6][0])[1]]
        packages = [decode(file)[2][0].decode() for file in decode(decode(described)[4][0])[1]]
        say("reflection " + version, ["settlement.contract.v1.Probe" in names, packages])
    channel.close()


main(sys.argv[1])
