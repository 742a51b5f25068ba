using Settlement.Refusals;

namespace Settlement.Gateway.Refusals;

/// <summary>Carries a refusal from where it is found to the edge of the gateway, where it becomes a gRPC or HTTP status.</summary>
public sealed class RefusalException(RefusalInfo refusal) : Exception(refusal.Message)
{
    /// <summary>The refusal.</summary>
    public RefusalInfo Refusal { get; } = refusal;
}
