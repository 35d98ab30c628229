// A program on the types that openapi-typescript generates. Prints what it got as JSON. Arguments: URL, key, TIFF in base64.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[] };
type ErrorBody = components["schemas"]["ErrorBody"];

const [url, key, encoded] = process.argv.slice(2) as [string, string, string];
const file = new Blob([Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0))]);
const client = createClient<paths>({ baseUrl: url, headers: { "X-API-Key": key } });
const unknown = "0".repeat(32);

function submit(engine: string) {
  return client.POST("/api/v1/ocr/submit", {
    body: { file: "", engine, mode: "force", pages: "1-2,7" },
    bodySerializer(body) {
      const form = new FormData();
      form.append("file", file, "two.tif");
      for (const [name, value] of Object.entries(body)) {
        if (name !== "file") form.append(name, String(value));
      }
      return form;
    },
  });
}

function given<T>(answer: { data?: T; error?: ErrorBody }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

function code(answer: { error?: ErrorBody }): string {
  if (!answer.error?.detail) throw new Error("this should have failed");
  return answer.error.code;
}

const { job_id } = given(await submit("tesseract"));
const path = { job_id };
const events = given(await client.GET("/api/v1/ocr/events/{job_id}", { params: { path }, parseAs: "stream" }));
const followed = await new Response(events).text();
const result = given(await client.GET("/api/v1/ocr/result/{job_id}", { params: { path, query: { wait: 60 } } }));
const document = given(await client.GET("/api/v1/ocr/jobs/{job_id}/document", { params: { path } }));
const jobs = given(
  await client.GET("/api/v1/ocr/jobs", { params: { query: { status: ["finished"], name: "two.tif" } } }),
);
const capabilities = given(await client.GET("/api/v1/capabilities"));
const text = given(
  await client.GET("/api/v1/ocr/jobs/{job_id}/file", { params: { path, query: { format: "text" } }, parseAs: "text" }),
);
const pdf = given(
  await client.GET("/api/v1/ocr/jobs/{job_id}/file", {
    params: { path, query: { format: "pdf", wait: 60 } },
    parseAs: "arrayBuffer",
  }),
);
const image = given(
  await client.GET("/api/v1/ocr/jobs/{job_id}/pages/{number}/image", {
    params: { path: { job_id, number: 1 }, query: { width: 400 } },
    parseAs: "arrayBuffer",
  }),
);
const stranger = createClient<paths>({ baseUrl: url, headers: { "X-API-Key": "wrong" } });

console.log(
  JSON.stringify({
    events: followed.split("\n").filter((line) => line.startsWith("data: ")).map((line) => JSON.parse(line.slice(6)).type),
    status: result.status,
    text: result.text,
    warnings: result.warnings.map((warning) => warning.text),
    words: document.pages[0]!.blocks.flatMap((block) => block.lines.flatMap((line) => line.words.map((word) => word.text))),
    file: text,
    pdf: new TextDecoder().decode(pdf.slice(0, 5)),
    image: [...new Uint8Array(image.slice(0, 4))].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    "newest job": jobs.jobs[0]?.job_id === job_id,
    formats: capabilities.formats.length,
    "new engine": code(await submit("engine-of-tomorrow")),
    "unknown job": code(await client.GET("/api/v1/ocr/jobs/{job_id}", { params: { path: { job_id: unknown } } })),
    "no result": code(
      await client.GET("/api/v1/ocr/jobs/{job_id}/file", {
        params: { path: { job_id: unknown }, query: { format: "md" } },
      }),
    ),
    "wrong key": code(await stranger.GET("/api/v1/ocr/jobs")),
  }),
);
