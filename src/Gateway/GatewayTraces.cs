using System.Diagnostics;

namespace Settlement.Gateway;

/// <summary>The gateway's spans, all of them.</summary>
internal static class GatewayTraces
{
    private static readonly ActivitySource Source = new("Settlement.Gateway");

    /// <summary>Begins the span of one request: of a call, or of one message of a stream.</summary>
    public static Activity? Start(string operation) => Source.StartActivity(operation)?.SetTag("rpc.method", operation);
}
