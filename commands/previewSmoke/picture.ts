import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { layoutScript } from './checks/layoutScript.ts';

export const viewport = { width: 1280, height: 800 } as const;

const boxes = z
  .array(
    z.object({
      kind: z.enum(['text', 'image', 'control', 'area']),
      left: z.number(),
      top: z.number(),
      width: z.number(),
      height: z.number(),
    }),
  )
  .max(5000);

type Box = z.infer<typeof boxes>[number];

const looks: Readonly<Record<Box['kind'], string>> = {
  area: 'fill="none" stroke="#d0d7de"',
  text: 'fill="#c4cbd3"',
  image: 'fill="#e4d8b4"',
  control: 'fill="none" stroke="#57606a" stroke-width="2"',
};

/** In steps of 8 pixels: the width of a line of text must not distinguish one name from another. */
function rectangle({ kind, left, top, width, height }: Box): string {
  const step = (value: number) => Math.ceil(value / 8) * 8;
  const wide = kind === 'text' ? Math.ceil(width / 40) * 40 : step(width);
  return `<rect x="${step(left)}" y="${step(top)}" width="${wide}" height="${step(height)}" ${looks[kind]}/>`;
}

/** The page's layout as a drawing: grey where text stands, sand where an image stands, nothing of either. */
export function layoutDrawing(given: unknown): string {
  const shown = boxes.parse(given).filter(({ top }) => top < viewport.height);
  const { width, height } = viewport;
  return `<!doctype html><body style="margin:0"><svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shown.map(rectangle).join('')}</svg>`;
}

/** Draws the layout of `page` into `file`, in a context of its own that the page cannot reach. */
export async function drawLayout(browser: Browser, page: Page, file: string): Promise<void> {
  const drawing = layoutDrawing(await page.evaluate(layoutScript));
  const context = await browser.newContext({ viewport, javaScriptEnabled: false, offline: true });
  try {
    const sheet = await context.newPage();
    await sheet.setContent(drawing);
    await sheet.screenshot({ path: file });
  } finally {
    await context.close();
  }
}
