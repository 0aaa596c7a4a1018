// A small marked copy for the screen; the original is never touched.
const WIDE = 480;

export async function thumbnail(bytes, mark) {
  try {
    const image = await createImageBitmap(new Blob([bytes]), { resizeWidth: WIDE });
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const ink = canvas.getContext("2d");
    ink.drawImage(image, 0, 0);
    ink.font = "16px sans-serif";
    ink.fillStyle = "rgba(0,0,0,.55)";
    ink.fillRect(0, image.height - 26, image.width, 26);
    ink.fillStyle = "#fff";
    ink.fillText(mark, 8, image.height - 8);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.7));
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    return null;
  }
}
