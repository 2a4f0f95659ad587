// What stands beside the log in the bundle, for whoever opens it without having heard of it.

/** In both languages. */
export const bundleReadme = `审计日志离线校验包 / Audit log, to be checked offline

log/            日志的全部静态文件（C2SP tlog-tiles）  the files of the log
witnesses.txt   信任策略：日志与见证方的公钥          whom to trust: keys of the log and of witnesses
verify.html     在浏览器中校验回执与证据包            checks receipts and evidence packages in a browser

校验整个日志 / To check the whole log:

    npx @wanglou/verify log --policy witnesses.txt

请勿只信任本包内的 witnesses.txt：请与另行取得的公钥比对。
Do not trust the witnesses.txt of this bundle alone: compare its keys with those you were given on another way.
`;
