/** Folders that every base image fills. */
const TREES = new Set(
  "/ /bin /etc /lib /lib64 /opt/conda /root /sbin /usr /usr/bin /usr/lib /usr/lib64 /usr/libexec /usr/local /usr/local/bin /usr/local/lib /usr/sbin /usr/share /var /var/cache /var/lib /var/log".split(
    " ",
  ),
);

export function isSystemTree(path: string): boolean {
  return TREES.has(path);
}
