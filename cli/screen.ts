import { clearScreenDown, moveCursor } from "node:readline";
import type { WriteStream } from "node:tty";

/** A picture in the terminal that is drawn over itself. */
export class Screen {
  private drawn = 0;

  constructor(private readonly stream: WriteStream) {}

  show(lines: readonly string[]): void {
    const { columns, rows } = this.stream;
    // A line that is broken, or scrolled away, could not be drawn over.
    const fitting = lines.slice(0, rows - 1).map((line) => [...line].slice(0, columns).join(""));
    moveCursor(this.stream, 0, -this.drawn);
    clearScreenDown(this.stream);
    this.stream.write(`${fitting.join("\n")}\n`);
    this.drawn = fitting.length;
  }
}
