/** File names that say how large a file is, or that its size does not matter. */

/** Scripts, patches, lists and configurations, which people write by hand: a few kB. */
export const isHandWritten =
  /\.(?:sh|bash|zsh|fish|pl|py|rb|ps1|bat|cmd|awk|sed|patch|diff|asc|gpg|pub|repo|list|sources|cfg|conf|cnf|ini|toml|ya?ml|service|rc|tmpl|tpl|j2|in)$|^(?:Makefile|makefile|Gemfile|Pipfile|Rakefile|Procfile|package\.json|requirements[\w.-]*\.txt|(?:docker-)?entrypoint)$/;

/** Files that hold keys and credentials by convention. */
export const isKeyFile =
  /^id_(?:rsa|dsa|ecdsa|ed25519)|\.(?:pem|key|p12|pfx|jks|keystore|ppk|kdbx|ovpn|token)$|^\.?(?:netrc|env|npmrc|pypirc|pgpass|git-credentials|htpasswd)$/i;

/** Files that hold a private key or logins and nothing else: ssh-keygen(1), git-credential-store(1), curl(1). */
export const isLoginFile = /^(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.git-credentials|\.netrc)$/;

/** As `isKeyFile`, and names of single files that say so; among the files of a folder they may be source code. */
export const isPrivate = new RegExp(`${isKeyFile.source}|credential|secret|token|passw`, "i");
