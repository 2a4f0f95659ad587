// What stands beside the films, for whoever opens the package without having heard of it.

/** In both languages. */
export const packageReadme = `录像拷贝包 / Copy of footage

films/          可直接播放的影片（含追溯标记）       films that play in any player, marked for this recipient
<摄像机>/       原始录像文件，逐位一致               the original files, bit for bit, in a folder for each camera
manifest.json   内容、接收方、审批与缺失时段         what is in it, for whom, by whose leave, and what is missing
evidence.json   全部文件的证明与审计回执             proofs of all files, and the receipts of the audit log
policy.txt      日志与见证方的公钥                   keys of the log and of its witnesses
verify.html     在浏览器中离线校验                   checks all of it in a browser, offline

校验：用浏览器打开 verify.html，将本文件夹拖入；或运行：
To check it, open verify.html and drop this folder on it; or run:

    npx @wanglou/verify <folder> --policy policy.txt

请勿只信任本包内的 policy.txt：请与另行取得的公钥比对。
Do not trust the policy.txt of this package alone: compare its keys with those you were given by another way.

本拷贝仅限审批用途；外泄可追溯至接收方。
This copy is for the purpose it was approved for; a film that turns up elsewhere is traced to its recipient.
`;
