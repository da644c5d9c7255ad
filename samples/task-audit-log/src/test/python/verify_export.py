"""Verifies an export of the audit log with Python's standard library alone, and shares no code with the log.

    python3 verify_export.py <export.zip>

Recomputes the leaf hash of each entry, the hash of each payload and the root of the tree, and compares them with the
export. Prints the size and the root of the tree head, whose signature is to be verified separately: any implementation
of C2SP signed notes can do that. Exits with 1 and names the entry if something does not fit.
"""

import base64
import hashlib
import json
import sys
import zipfile


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def canonical(entry):
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Tree:
    """Perfect subtrees from the left to the right: (number of leaves, root)."""

    def __init__(self):
        self.subtrees = []
        self.size = 0

    def append(self, leaves, root):
        if self.size % leaves:
            raise ValueError(f"no subtree of {leaves} leaves begins at {self.size}")
        self.size += leaves
        while self.subtrees and self.subtrees[-1][0] == leaves:
            root = sha256(b"\x01", self.subtrees.pop()[1], root)
            leaves *= 2
        self.subtrees.append((leaves, root))

    def root(self):
        if not self.subtrees:
            return sha256()
        root = self.subtrees[-1][1]
        for _, left in reversed(self.subtrees[:-1]):
            root = sha256(b"\x01", left, root)
        return root


def check(holds, what):
    if not holds:
        sys.exit(what)


def verify_payload(line):
    entry = line["entry"]
    if "payload" not in line and "payloadHex" not in line:
        return
    number = "#" + entry["sequence"]
    check("payloadHash" in entry, f"{number} has no payload")
    payload = line["payload"].encode() if "payload" in line else bytes.fromhex(line["payloadHex"])
    salted = sha256(bytes.fromhex(line["salt"]), payload).hex()
    check(salted == entry["payloadHash"], f"the payload of {number} has another hash")
    check(len(payload) == int(entry["payloadSize"]), f"the payload of {number} has another size")


def verify(export):
    manifest = json.loads(export.read("manifest.json"))
    _, size, root = manifest["head"].split("\n")[:3]
    for name, digest in (("file", "sha256"), ("proofFile", "proofSha256")):
        content = hashlib.sha256()
        with export.open(manifest[name]) as file:
            while block := file.read(1 << 16):
                content.update(block)
        check(content.hexdigest() == manifest[digest], f"{manifest[name]} has another SHA-256")
    tree = Tree()
    count = 0
    with export.open(manifest["file"]) as lines, export.open(manifest["proofFile"]) as proof:
        for kind, *position, value in (line.decode().split() for line in proof):
            value = base64.b64decode(value)
            if kind == "node":
                level, index = map(int, position)
                check(index << level == tree.size, f"node {index} of level {level} is not the next one")
                tree.append(1 << level, value)
                continue
            check(int(position[0]) == tree.size, f"leaf {position[0]} is not the next one")
            line = json.loads(lines.readline())
            check(sha256(b"\x00", canonical(line["entry"])) == value, f"#{tree.size} has another leaf hash")
            verify_payload(line)
            tree.append(1, value)
            count += 1
        check(not lines.readline(), "there are more entries than leaves")
    check(count == manifest["count"], f"the manifest states {manifest['count']} entries, and there are {count}")
    check(tree.size == int(size), f"the proof covers {tree.size} entries, and the tree head {size}")
    check(tree.root() == base64.b64decode(root), "the proof does not lead to the tree head")
    print(size, root)


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as zipped:
        verify(zipped)
