import images from "./publishedImages.json" with { type: "json" };

/** The releases of Triton that AWS publishes with its Deep Learning Containers, `YY.MM`, oldest first. */
export const publishedReleases: readonly string[] = Object.keys(images.releases).sort();
