/** Programs that build extensions of PHP. */
import type { Tool } from "../tool.ts";

export const phpExtensions: Tool = {
  id: "php-extensions",
  names: ["docker-php-ext-install", "pecl", "phpize"],
  helpers: ["docker-php-ext-enable", "docker-php-ext-configure", "docker-php-source"],
  source: "PHP manual, Compiling shared PECL extensions with phpize; documentation of the PHP image",
  known: "all",
  building: { how: "certain" },
};
