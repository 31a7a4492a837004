import { expect } from "chai";
import { lineChart } from "../../client/load/lineChart.ts";

const chart = { title: "Latency of <b>", subtitle: "100/s", x: "seconds", y: "milliseconds" };

describe("a chart", () => {
  it("has a line for each series, ticks at round numbers, and nothing that it would have to load", () => {
    const svg = lineChart({
      ...chart,
      lines: [
        {
          name: "p50",
          points: [
            [0, 1],
            [1, 2.5],
            [2, 2],
          ],
        },
        {
          name: "bound",
          dashed: true,
          points: [
            [0, 3],
            [2, 3],
          ],
        },
        { name: "single", points: [[1, 1]] },
      ],
    });
    expect(svg.match(/<path /g)).to.have.length(3);
    for (const tick of ["0", "0.5", "1.5", "2", "3"]) expect(svg).to.include(`>${tick}</text>`);
    expect(svg.replace("http://www.w3.org/2000/svg", "")).to.not.match(/https?:|<script|@import|url\(/);
    expect(svg).to.include("prefers-color-scheme: dark");
  });

  it("escapes what comes from outside, and stands without any point", () => {
    const svg = lineChart({ ...chart, title: 'a<script>"\u001b', lines: [{ name: "none", points: [] }] });
    expect(svg)
      .to.include("a&#60;script&#62;&#34; ")
      .and.not.include("<script")
      .and.not.match(/NaN|Infinity/);
  });
});
