"""Prints every name below a folder with all that a container could see of it, one JSON line each, in byte order."""
import hashlib, json, os, stat, sys

root = os.fsencode(sys.argv[1])
firsts = {}
phantoms = []
for folder, names, files in os.walk(root):
    names.sort()
    for name in sorted(names + files):
        full = os.path.join(folder, name)
        path = os.path.relpath(full, root)
        try:
            os.lstat(full)
        except FileNotFoundError:
            # listed, but not there: a whiteout in a directory that the kernel does not merge
            phantoms.append(path)
            continue
        firsts.setdefault((os.lstat(full).st_dev, os.lstat(full).st_ino), []).append(path)

lines = [(path, json.dumps({"path": path.decode("latin1"), "kind": "phantom", "time": 0})) for path in phantoms]
for paths in firsts.values():
    for path in paths:
        full = os.path.join(root, path)
        info = os.lstat(full)
        kind = stat.S_IFMT(info.st_mode)
        record = {
            "path": path.decode("latin1"),
            "kind": oct(kind),
            "mode": oct(stat.S_IMODE(info.st_mode)) if kind != stat.S_IFLNK else "",
            "owner": "%d:%d" % (info.st_uid, info.st_gid),
            "time": info.st_mtime_ns,
            "size": info.st_size if kind == stat.S_IFREG else 0,
            "device": info.st_rdev if kind in (stat.S_IFCHR, stat.S_IFBLK) else 0,
            # inode numbers and link counts may change, which names belong together may not
            "links": min(paths).decode("latin1") if kind != stat.S_IFDIR else "",
            "target": os.readlink(full).decode("latin1") if kind == stat.S_IFLNK else "",
            "xattrs": {},
            "content": "",
        }
        for name in sorted(os.listxattr(full, follow_symlinks=False)):
            record["xattrs"][name] = os.getxattr(full, name, follow_symlinks=False).hex()
        if kind == stat.S_IFREG:
            with open(full, "rb") as file:
                digest = hashlib.sha256()
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
                record["content"] = digest.hexdigest()
        lines.append((path, json.dumps(record, sort_keys=True)))
for _, line in sorted(lines):
    print(line)
