/**
 * The longest body that InvokeEndpoint accepts, in bytes. A longer one is refused with status 413.
 * Source: the model of the API in https://github.com/boto/botocore (sagemaker-runtime, BodyBlob)
 */
export const maxBodyBytes = 6_291_456;
