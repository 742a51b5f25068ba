using System.Net;
using Settlement.Gateway.Feeding;
using Settlement.Gateway.National;
using Settlement.Gateway.Overload;
using Settlement.Gateway.Reads;
using Settlement.Gateway.Tls;

namespace Settlement.Gateway;

/// <summary>Options of the gateway, section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Where gRPC listens (HTTP/2).</summary>
    public string GrpcAddress { get; set; } = "127.0.0.1:5080";

    /// <summary>Where JSON over HTTP/1.1 and the health probes listen.</summary>
    public string HttpAddress { get; set; } = "127.0.0.1:5081";

    /// <summary>File of bearer keys, made by <c>settlement key create</c>; looked at again when it changes.</summary>
    public string KeyFile { get; set; } = "data/keys.json";

    /// <summary>Whether callers on the loopback interface need no key and act as the agency. For trying out only.</summary>
    public bool Insecure { get; set; }

    /// <summary>Largest request accepted, in bytes, both as it comes and after decompression.</summary>
    public int MaxRequestBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Most fee lines in one claim.</summary>
    public int MaxFeeLines { get; set; } = 10_000;

    /// <summary>Most requests of one <c>SettleMany</c> stream in work at once.</summary>
    public int MaxInFlightPerStream { get; set; } = 256;

    /// <summary>
    /// How long a stopping server still serves after it has said that it is not ready: longer than a balancer takes to look. 0 where nobody
    /// looks.
    /// </summary>
    public TimeSpan DrainDelay { get; set; } = TimeSpan.Zero;

    /// <summary>How long a <c>SettleMany</c> stream may bring no request before it is ended.</summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Most connections open at once, over both listeners; a further one is closed at once.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>
    /// Most calls that one HTTP/2 connection may have open. A client keeps what it has beyond that to itself, so this is how far a
    /// hospital can run ahead of the server.
    /// </summary>
    public int MaxStreamsPerConnection { get; set; } = 128;

    /// <summary>How much is taken on at once.</summary>
    public OverloadOptions Overload { get; set; } = new();

    /// <summary>How many may follow the ledger.</summary>
    public FeedOptions Feed { get; set; } = new();

    /// <summary>TLS of both listeners.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>Where reads of personal data are written down.</summary>
    public ReadTrailOptions Reads { get; set; } = new();

    /// <summary>The folder in which they are.</summary>
    public string ReadsDirectory =>
        Reads.Directory.Length > 0 ? Reads.Directory : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(KeyFile))!, "reads");

    /// <summary>What a city adds to the codes of the national interface.</summary>
    public NationalOptions National { get; set; } = new();

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it and its value.</exception>
    public void Validate()
    {
        Address(nameof(GrpcAddress), GrpcAddress);
        IPEndPoint http = Address(nameof(HttpAddress), HttpAddress);
        IPEndPoint grpc = Address(nameof(GrpcAddress), GrpcAddress);
        if (http.Equals(grpc) && http.Port != 0)
            throw new InvalidOperationException(
                $"Gateway:HttpAddress and Gateway:GrpcAddress are both '{HttpAddress}': two listeners need two ports.");
        if (Insecure && !(IPAddress.IsLoopback(http.Address) && IPAddress.IsLoopback(grpc.Address)))
            throw new InvalidOperationException("Gateway:Insecure is allowed on loopback addresses only.");
        AtLeastOne(nameof(MaxRequestBytes), MaxRequestBytes);
        AtLeastOne(nameof(MaxFeeLines), MaxFeeLines);
        AtLeastOne(nameof(MaxInFlightPerStream), MaxInFlightPerStream);
        if (DrainDelay < TimeSpan.Zero || DrainDelay > TimeSpan.FromMinutes(5))
            throw new InvalidOperationException($"Gateway:DrainDelay is {DrainDelay}: it must be between 0 and 5 minutes.");
        AtLeastOne(nameof(MaxConnections), MaxConnections);
        AtLeastOne(nameof(MaxStreamsPerConnection), MaxStreamsPerConnection);
        if (StreamIdleTimeout < TimeSpan.FromSeconds(1) || StreamIdleTimeout > TimeSpan.FromDays(1))
            throw new InvalidOperationException(
                $"Gateway:StreamIdleTimeout is {StreamIdleTimeout}: it must be between one second and one day.");
        Overload.Validate();
        Feed.Validate();
        Tls.Validate();
        Reads.Validate();
        National.Validate();
    }

    /// <summary>Parses an address option.</summary>
    internal static IPEndPoint Address(string name, string value) =>
        IPEndPoint.TryParse(value, out IPEndPoint? address)
            ? address
            : throw new InvalidOperationException($"Gateway:{name} is '{value}': expected ADDRESS:PORT, for example 127.0.0.1:5080.");

    private static void AtLeastOne(string name, int value)
    {
        if (value < 1) throw new InvalidOperationException($"Gateway:{name} is {value}: it must be at least 1.");
    }
}
