using System.Text.RegularExpressions;

namespace Settlement.Cli.Cluster;

/// <summary>One silo as the proxy sees it.</summary>
/// <param name="Grpc">HOST:PORT of gRPC.</param>
/// <param name="Http">HOST:PORT of HTTP/JSON.</param>
internal sealed record ProxiedSilo(string Grpc, string Http);

/// <summary>
/// The proxy's configuration, made of the files that containers take as they stand (<c>deploy/nginx</c>): folders, addresses and silos are
/// put in place of theirs, everything else is the same.
/// </summary>
internal static partial class ProxyConfiguration
{
    /// <summary>How long a silo that failed is left aside.</summary>
    public static readonly TimeSpan Aside = TimeSpan.FromSeconds(1);

    /// <summary>The configuration; its other files lie in the folder that nginx is given as its prefix.</summary>
    /// <param name="grpc">Where gRPC listens.</param>
    /// <param name="http">Where HTTP/JSON listens.</param>
    /// <param name="accessLog">File of the failures.</param>
    /// <param name="silos">The silos.</param>
    public static string Of(string grpc, string http, string accessLog, IReadOnlyList<ProxiedSilo> silos)
    {
        string upstreams = Put(Upstreams(), Read("silos.compose.conf"), match =>
            match.Groups["head"].Value + Servers(silos.Select(silo => match.Groups["kind"].Value == "grpc" ? silo.Grpc : silo.Http)),
                times: 2);
        string file = Read("nginx.conf").Replace(" /tmp/", " ", StringComparison.Ordinal);
        file = Put(Include(), file, _ => upstreams.TrimEnd());
        file = Put(ListenGrpc(), file, _ => $"listen {grpc} http2;");
        file = Put(ListenHttp(), file, _ => $"listen {http};");
        return Put(AccessLog(), file, _ => $"access_log {accessLog} ");
    }

    private static string Read(string name)
    {
        using StreamReader file = new(typeof(ProxyConfiguration).Assembly.GetManifestResourceStream($"Settlement.Cli.{name}")!);
        return file.ReadToEnd();
    }

    private static string Put(Regex place, string file, MatchEvaluator text, int times = 1) => place.Count(file) == times
        ? place.Replace(file, text)
        : throw new InvalidOperationException($"The proxy's configuration has '{place}' {place.Count(file)} times, not {times}.");

    private static string Servers(IEnumerable<string> addresses) =>
        string.Concat(addresses.Select(address => $"    server {address} max_fails=1 fail_timeout={Aside.TotalSeconds:0}s;\n"));

    [GeneratedRegex(@"(?<head>upstream settlement_(?<kind>grpc|http) \{\n(    (?!server).*\n)*)(    server .*\n)+")]
    private static partial Regex Upstreams();

    [GeneratedRegex(@"^ *# The upstreams .*\n *include silos\.conf;$", RegexOptions.Multiline)]
    private static partial Regex Include();

    [GeneratedRegex("listen 8080 http2;")]
    private static partial Regex ListenGrpc();

    [GeneratedRegex("listen 8081;")]
    private static partial Regex ListenHttp();

    [GeneratedRegex("access_log /dev/stdout ")]
    private static partial Regex AccessLog();
}
