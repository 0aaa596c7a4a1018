// One enterprise asks about itself: its private record and salt bind its row, its ticket decides.

import { canon, demand, parse } from "./canon.js";
import { ticketsOf } from "./draw.js";
import { fromHex, HASHES, hex, tagged } from "./hashes.js";

// Answers in four steps, of a joint draw for each department that lists it; a Complaint where one does not hold. `record` is a verified one.
export function checkOwn(record, privateText, salt) {
  demand(/^[0-9a-f]{32}$/.test(salt), "盐值应为 32 位小写十六进制，请按通知书抄录。");
  const hash = HASHES[record.announcement.hash];
  const commitment = hex(tagged(hash, "DR1/object", fromHex(salt), canon(parse(privateText))));
  const isJoint = Boolean(record.lists);
  const lists = isJoint ? record.lists : [record];
  const rows = lists.map(({ roster }) => roster.find((each) => each.commitment === commitment));
  const row = rows.find(Boolean);
  demand(row, `由所填内容算出的承诺是 ${commitment}，名录中没有这一行。请核对登记内容和盐值。`);
  const tag = isJoint ? "DR2/key" : "DR1/key";
  const ticket = ticketsOf(hash, fromHex(record.seed), "select", tag)(row.pid);
  const lasts = isJoint ? record.last : [record.last];
  const answers = rows.flatMap((own, d) => {
    if (!own) return [];
    const last = lasts[d][own.stratum];
    const dept = isJoint ? record.announcement.departments[d].team.org : "";
    return [{ dept, row: own, last, isDrawn: last !== "" && ticket <= last }];
  });
  const isDrawn = answers.some((own) => own.isDrawn);
  const isListed = record.visits.some(({ pid }) => pid === row.pid);
  return { commitment, row, ticket, last: answers[0].last, answers, isDrawn, isListed };
}
