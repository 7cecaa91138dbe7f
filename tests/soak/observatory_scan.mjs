// node observatory_scan.mjs SCANNER HOST HTTP_PORT HTTPS_PORT PATH...
// Grades https://HOST/PATH with the HTTP Observatory installed in SCANNER, and prints the results as JSON.
//
// The scanner's own scan() takes a host name alone, and refuses a missing page. So this calls what scan() calls: its
// retriever, which takes a path, its tests and its grader.
import http from "node:http";
import https from "node:https";
import { pathToFileURL } from "node:url";

const [scanner, host, httpPort, httpsPort, ...paths] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${scanner}/src/${file}`));
const { retrieve } = await load("retriever/retriever.js");
const { ALL_TESTS } = await load("constants.js");
const { getGradeForScore, getScoreModifier } = await load("grader/grader.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await load("grader/charts.js");

// What is asked for at ports 80 and 443 of any host goes to ours on loopback, as with curl's --connect-to.
for (const [Agent, port] of [[http.Agent, httpPort], [https.Agent, httpsPort]]) {
  const connect = Agent.prototype.createConnection;
  Agent.prototype.createConnection = function (options, ...rest) {
    return connect.call(this, { ...options, host: "127.0.0.1", port }, ...rest);
  };
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

const graded = {};
for (const path of paths) {
  const requests = await retrieve(host, { path });
  const tests = ALL_TESTS.map((test) => test(requests));
  const points = tests.map((test) => getScoreModifier(test.result));
  const withoutBonus = 100 + sum(points.filter((number) => number < 0));
  const score = withoutBonus < MINIMUM_SCORE_FOR_EXTRA_CREDIT ? withoutBonus : 100 + sum(points);
  graded[path] = {
    status: requests.responses.auto?.status ?? null,
    grade: getGradeForScore(score).grade,
    results: Object.fromEntries(tests.map((test) => [test.constructor.name, test.result])),
  };
}
console.log(JSON.stringify(graded));
