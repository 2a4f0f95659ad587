#!/usr/bin/env python3
"""Checks an audit log from its files. Shares no code with the rest of the project and needs the standard library alone.

    python3 check_log.py DIR VKEY [WITNESS_VKEY ...]

DIR is a folder as https://c2sp.org/tlog-tiles describes it, VKEY the log's verifier key, WITNESS_VKEY those of the witnesses
that must all have cosigned: the file `checkpoint`, or else the file `witnessed`, which the entries must then lead to. Prints `ok <size> <root in base64>`, or says what is wrong and exits with 1.
Entries that are JSON objects must be canonical; with --any-entries they may be anything.
"""
import base64
import hashlib
import json
import os
import struct
import sys

WIDTH = 256


class Wrong(Exception):
    pass


# Ed25519, RFC 8032 section 5.1 (verification only; nothing here is secret, so time does not matter).
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(a, b):
    s = (a[1] - a[0]) * (b[1] - b[0]) % P
    t = (a[1] + a[0]) * (b[1] + b[0]) % P
    u = 2 * a[3] * b[3] * D % P
    v = 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, point):
    result = (0, 1, 1, 0)
    while n > 0:
        if n & 1:
            result = add(result, point)
        point = add(point, point)
        n >>= 1
    return result


def decode_point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else (0, y, 1, 0)
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * SQRT_MINUS_ONE % P
    if (x * x - x2) % P != 0:
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def verify_ed25519(public_key, message, signature):
    if len(public_key) != 32 or len(signature) != 64:
        return False
    a, r = decode_point(public_key), decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# Notes and keys.
def decode_base64(text, what):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong(f"{what} is not base64")
    if base64.b64encode(data).decode() != text:
        raise Wrong(f"{what} is not canonical base64")
    return data


def parse_vkey(vkey):
    parts = vkey.split("+", 2)
    if len(parts) != 3:
        raise Wrong(f"{vkey} is no verifier key")
    name, key_id, material = parts[0], parts[1], decode_base64(parts[2], "a verifier key")
    if len(material) != 33 or material[0] not in (1, 4):
        raise Wrong(f"the key of {name} has an unknown type or length")
    if hashlib.sha256(name.encode() + b"\n" + material).digest()[:4].hex() != key_id:
        raise Wrong(f"the key id of {name} does not fit its key")
    return {"name": name, "id": bytes.fromhex(key_id), "type": material[0], "key": material[1:]}


def open_note(data, log, witnesses):
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("the checkpoint is not UTF-8")
    text, separator, block = whole.rpartition("\n\n")
    if not separator or not block.endswith("\n"):
        raise Wrong("the checkpoint has no signatures")
    text += "\n"
    signed = set()
    for line in block[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014":
            raise Wrong("the checkpoint has a line that is no signature")
        blob = decode_base64(parts[2], "a signature")
        for key in [log, *witnesses]:
            if parts[1] != key["name"] or blob[:4] != key["id"]:
                continue
            message, signature = text.encode(), blob[4:]
            if key["type"] == 4:
                if len(signature) != 72:
                    raise Wrong(f"the cosignature of {key['name']} has a wrong length")
                message = f"cosignature/v1\ntime {struct.unpack('>Q', signature[:8])[0]}\n".encode() + message
                signature = signature[8:]
            if not verify_ed25519(key["key"], message, signature):
                raise Wrong(f"the signature of {key['name']} does not fit the checkpoint")
            signed.add(key["id"])
    for key in [log, *witnesses]:
        if key["id"] not in signed:
            raise Wrong(f"{key['name']} did not sign the checkpoint")
    return text


# Tree hashes, RFC 6962 section 2.1.
def leaf_hash(data):
    return hashlib.sha256(b"\0" + data).digest()


def root_of(hashes):
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        pairs = [hashlib.sha256(b"\1" + hashes[i] + hashes[i + 1]).digest() for i in range(0, len(hashes) - 1, 2)]
        hashes = pairs + (hashes[-1:] if len(hashes) % 2 else [])
    return hashes[0]


# Files.
def tile_path(level, index, width):
    digits = f"{index:03d}"
    digits = digits.zfill((len(digits) + 2) // 3 * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return f"tile/{level}/" + "/".join([f"x{group}" for group in groups[:-1]] + [groups[-1]]) + ("" if width == WIDTH else f".p/{width}")


def read(folder, path):
    try:
        with open(os.path.join(folder, path), "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def read_tile(folder, level, index, width):
    """The file of a tile or bundle; the full one where the partial one is gone."""
    path = tile_path(level, index, width)
    data = read(folder, path)
    if data is None and width < WIDTH:
        data = read(folder, tile_path(level, index, WIDTH))
        return path, data, False
    return path, data, True


def hashes_of(folder, level, index, width):
    path, data, exact = read_tile(folder, level, index, width)
    if data is None:
        raise Wrong(f"{path} is missing")
    if len(data) != (width if exact else WIDTH) * 32:
        raise Wrong(f"{path} has a wrong length")
    return [data[i * 32 : i * 32 + 32] for i in range(width)]


def entries_of(folder, index, width):
    path, data, exact = read_tile(folder, "entries", index, width)
    if data is None:
        raise Wrong(f"the entries from {index * WIDTH} on are missing: {path}")
    entries, at = [], 0
    while len(entries) < width:
        length = struct.unpack(">H", data[at : at + 2])[0] if at + 2 <= len(data) else WIDTH * WIDTH
        if at + 2 + length > len(data):
            raise Wrong(f"{path} ends within entry {index * WIDTH + len(entries)}")
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    if exact and at != len(data):
        raise Wrong(f"{path} has something after its last entry")
    return entries


def sort_keys(value):
    # RFC 8785 sorts by UTF-16 code units, Python by code points.
    if isinstance(value, dict):
        return {key: sort_keys(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))}
    return [sort_keys(item) for item in value] if isinstance(value, list) else value


def check_entry(data, index):
    try:
        value = json.loads(data.decode("utf-8"))
        if not isinstance(value, dict) or value.get("v") != 1:
            raise Wrong(f"entry {index} is no object of version 1")
        # Numbers of the log are integers: for these Python and RFC 8785 write the same.
        canonical = json.dumps(sort_keys(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except (ValueError, RecursionError):
        raise Wrong(f"entry {index} is not JSON")
    if canonical != data:
        raise Wrong(f"entry {index} is not canonical JSON")


def open_checkpoint(note, log, witnesses):
    if note is None:
        raise Wrong("there is no checkpoint")
    lines = open_note(note, log, witnesses).split("\n")
    if len(lines) < 4 or lines[0] != log["name"]:
        raise Wrong("the checkpoint is of another log")
    if not lines[1].isascii() or not lines[1].isdigit() or str(int(lines[1])) != lines[1]:
        raise Wrong("the size in the checkpoint is no number")
    return int(lines[1]), decode_base64(lines[2], "the root"), lines[2]


def check(folder, log, witnesses, any_entries):
    witnessed = None
    try:
        size, root, shown = open_checkpoint(read(folder, "checkpoint"), log, witnesses)
    except Wrong as wrong:
        if read(folder, "witnessed") is None:
            raise wrong
        size, root, shown = open_checkpoint(read(folder, "checkpoint"), log, [])
        witnessed = open_checkpoint(read(folder, "witnessed"), log, witnesses)
        if witnessed[0] > size:
            raise Wrong("the log is shorter than what the witnesses saw: it was cut or rolled back")
    leaves = []
    minimum = int(read(folder, "minimum-index") or b"0")

    levels = [[]]
    count = size
    while count:
        level = len(levels) - 1
        above = []
        for index in range((count + WIDTH - 1) // WIDTH):
            width = min(WIDTH, count - index * WIDTH)
            hashes = hashes_of(folder, level, index, width)
            if level == 0 and witnessed:
                leaves += hashes
            if level == 0 and (index + 1) * WIDTH > minimum:
                for place, data in enumerate(entries_of(folder, index, width)):
                    if leaf_hash(data) != hashes[place]:
                        raise Wrong(f"entry {index * WIDTH + place} is not the one whose hash is in the tree")
                    if not any_entries:
                        check_entry(data, index * WIDTH + place)
            if level > 0 and hashes != levels[level][index * WIDTH : index * WIDTH + width]:
                raise Wrong(f"{tile_path(level, index, width)} does not fit the tiles below it")
            if width == WIDTH:
                above.append(root_of(hashes))
            else:
                levels[level] = hashes
        if count % WIDTH == 0:
            levels[level] = []
        levels.append(above)
        count //= WIDTH
    right = []
    for hashes in levels:
        if hashes or right:
            right = [root_of(hashes + right)]
    if root_of(right) != root:
        raise Wrong("the entries do not give the root of the checkpoint")
    if witnessed and root_of(leaves[: witnessed[0]]) != witnessed[1]:
        raise Wrong("the entries do not give the root that the witnesses saw")
    return size, shown


def main(arguments):
    any_entries = "--any-entries" in arguments
    arguments = [argument for argument in arguments if argument != "--any-entries"]
    if len(arguments) < 2:
        print(__doc__.strip(), file=sys.stderr)
        return 1
    try:
        size, root = check(arguments[0], parse_vkey(arguments[1]), [parse_vkey(vkey) for vkey in arguments[2:]], any_entries)
    except Wrong as wrong:
        print(f"not ok: {wrong}", file=sys.stderr)
        return 1
    print(f"ok {size} {root}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
