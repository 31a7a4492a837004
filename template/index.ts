// The whole stack, as its configuration describes it, and its outputs. Resources of your own go below.
export * from "sagemaker-triton/stack";
