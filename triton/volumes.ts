/**
 * The largest volume that SageMaker attaches to an instance, in GB: by `volumeSizeInGb`, and by default.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (VolumeSizeInGB) and
 * https://docs.aws.amazon.com/sagemaker/latest/dg/large-model-inference-hosting.html
 */
export const largestVolumeInGb = { set: 512, default: 30 } as const;
