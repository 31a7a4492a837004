// The complete stack, as described by its configuration, and its outputs. Add your own resources below.
export * from "sagemaker-triton/stack";
