#!/usr/bin/env python3
"""What is in the layers of a docker-archive, by Python's tarfile alone: an opinion independent of layerlint.

    oracle.py ARCHIVE   prints JSON: [{"createdBy": …, "files": {path: [size, sha256]}, "gone": [path], "opaque": [path]}]

One item per layer. `gone` has the names that whiteouts hide, without `.wh.`; a path is dead when it or a directory above
it is gone in a later layer.
"""
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile


def clean(name):
    return os.path.normpath("/" + name).lstrip("/")


def layer(blob):
    data = blob
    if blob[:2] == b"\x1f\x8b":
        data = gzip.decompress(blob)
    elif blob[:4] == b"\x28\xb5\x2f\xfd":
        data = subprocess.run(["zstd", "-dc"], input=blob, stdout=subprocess.PIPE, check=True).stdout
    files, gone, opaque = {}, [], []
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in tar:
            name = clean(member.name)
            folder, base = os.path.split(name)
            if base == ".wh..wh..opq":
                opaque.append(folder)
            elif base.startswith(".wh."):
                gone.append(os.path.join(folder, base[4:]))
            elif member.isfile():
                content = tar.extractfile(member).read()
                files[name] = [len(content), hashlib.sha256(content).hexdigest()]
    return {"files": files, "gone": gone, "opaque": opaque}


def main(archive):
    with tarfile.open(archive) as tar:
        read = lambda name: tar.extractfile(tar.getmember(name)).read()
        manifest = json.loads(read("manifest.json"))[0]
        config = json.loads(read(manifest["Config"]))
        made = [entry for entry in config["history"] if not entry.get("empty_layer")]
        layers = []
        for path, entry in zip(manifest["Layers"], made, strict=True):
            member = tar.getmember(path)
            while member.issym():
                path = os.path.normpath(os.path.join(os.path.dirname(path), member.linkname))
                member = tar.getmember(path)
            layers.append({"createdBy": entry.get("created_by", ""), **layer(read(path))})
    json.dump(layers, sys.stdout)


main(sys.argv[1])
