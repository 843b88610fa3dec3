import type { Page } from "@playwright/test";

/** Background of the page as red, green and blue from 0 to 255, in whatever notation the style is written. */
export function background(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d")!;
    canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  });
}

/** From 0, black, to 1, white. */
export function brightness([red, green, blue]: number[]): number {
  return (red + green + blue) / (3 * 255);
}
