using Grpc.Core;
using Settlement.Refusals;

namespace Settlement.Gateway.Front;

/// <summary>
/// What gRPC itself refuses, before or beside our code, in our words: so every refusal has a code. gRPC for .NET says UNKNOWN or INTERNAL
/// for bytes that are no message, and RESOURCE_EXHAUSTED for too many of them, which here means busy: both are the caller's to mend.
/// </summary>
internal static class FrameworkStatus
{
    /// <summary>The refusal for a status without details.</summary>
    public static RefusalInfo ToRefusal(StatusCode code, string detail) => code switch
    {
        StatusCode.ResourceExhausted => new(RefusalCodes.RequestTooLarge, Sentence("The request is too large", detail), "请求过大。"),
        StatusCode.Unimplemented =>
            new(RefusalCodes.UnknownOperation, Sentence("There is no such operation, or not in this encoding", detail), "没有此操作，或不支持此编码。"),
        StatusCode.Cancelled or StatusCode.DeadlineExceeded =>
            new(RefusalCodes.CallEnded, Sentence("The call ended before its answer", detail), "调用在应答前已结束。"),
        _ => new(RefusalCodes.MalformedRequest, Sentence("The request cannot be read as the message of this operation", detail),
            "无法按此操作的消息格式解析请求。"),
    };

    private static string Sentence(string what, string detail) => detail.Length == 0 ? what + "." : $"{what}: {detail}";
}
