namespace Settlement.Cli.Cluster;

/// <summary>One silo as the proxy sees it.</summary>
/// <param name="Grpc">HOST:PORT of gRPC.</param>
/// <param name="Http">HOST:PORT of HTTP/JSON.</param>
internal sealed record ProxiedSilo(string Grpc, string Http);

/// <summary>The proxy's configuration, from the one template.</summary>
internal static class ProxyConfiguration
{
    /// <summary>How long a silo that failed is left aside; the template writes it for nginx.</summary>
    public static readonly TimeSpan Aside = TimeSpan.FromSeconds(1);

    private const string Template = "Settlement.Cli.nginx.conf.template";

    /// <summary>Fills the template.</summary>
    /// <param name="grpc">Where gRPC listens.</param>
    /// <param name="http">Where HTTP/JSON listens.</param>
    /// <param name="accessLog">File of the failures.</param>
    /// <param name="silos">The silos.</param>
    public static string Of(string grpc, string http, string accessLog, IReadOnlyList<ProxiedSilo> silos)
    {
        using StreamReader template = new(typeof(ProxyConfiguration).Assembly.GetManifestResourceStream(Template)!);
        return template.ReadToEnd()
            .Replace("{{access_log}}", accessLog, StringComparison.Ordinal)
            .Replace("{{grpc}}", grpc, StringComparison.Ordinal)
            .Replace("{{http}}", http, StringComparison.Ordinal)
            .Replace("{{grpc_silos}}", Servers(silos.Select(silo => silo.Grpc)), StringComparison.Ordinal)
            .Replace("{{http_silos}}", Servers(silos.Select(silo => silo.Http)), StringComparison.Ordinal);
    }

    private static string Servers(IEnumerable<string> addresses) =>
        string.Join('\n', addresses.Select(address => $"        server {address} max_fails=1 fail_timeout={Aside.TotalSeconds:0}s;"));
}
