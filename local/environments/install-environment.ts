/**
 * What of this process's environment tells pip where packages are and where the user's caches are. Proxies go by pip's own variable: they
 * are for nothing else that the local Azure does.
 */
export function installEnvironment(
  inherited: Readonly<NodeJS.ProcessEnv> = process.env,
): Record<string, string | undefined> {
  const named = Object.entries(inherited).filter(([name]) => /^(PIP_.+|XDG_CACHE_HOME)$/.test(name));
  const proxy = inherited["HTTPS_PROXY"] ?? inherited["https_proxy"];
  return { ...(proxy && { PIP_PROXY: proxy }), ...Object.fromEntries(named) };
}
