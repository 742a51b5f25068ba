using System.Collections.Concurrent;
using Grpc.Core;
using Settlement.Compat.Grpc.Client;
using Settlement.Compat.Grpc.Common;

namespace Grpc.Net.Client;

/// <summary>A channel over HTTP/2; safe for any number of calls at once. Connections open when they are needed.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly ConcurrentDictionary<IMethod, Uri> addresses = new(ReferenceEqualityComparer.Instance);
    private readonly HttpMessageInvoker invoker;
    private readonly bool disposesInvoker;
    private int disposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        CheckCredentials(address, options);
        if (options.HttpClient is not null && options.HttpHandler is not null)
            throw new ArgumentException("HttpClient and HttpHandler have been configured: only one of them can be used.", nameof(options));
        Address = address;
        Options = options;
        Compression = new MessageCompression(options.CompressionProviders ?? MessageCompression.Defaults);
        disposesInvoker = options.DisposeHttpClient || (options.HttpClient is null && options.HttpHandler is null);
        invoker = options.HttpClient is { } client
            ? WithoutTimeout(client)
            : new HttpMessageInvoker(options.HttpHandler ?? OwnHandler(), disposesInvoker);
    }

    private Uri Address { get; }

    internal GrpcChannelOptions Options { get; }

    internal MessageCompression Compression { get; }

    /// <summary>A channel to an address such as <c>http://localhost:5000</c>.</summary>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>A channel to an address such as <c>http://localhost:5000</c>.</summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    /// <summary>A channel to an address such as <c>http://localhost:5000</c>.</summary>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>A channel to an address such as <c>http://localhost:5000</c>.</summary>
    /// <exception cref="ArgumentException">The scheme is not http or https.</exception>
    /// <exception cref="InvalidOperationException">The credentials contradict the scheme.</exception>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return new GrpcChannel(address, channelOptions);
    }

    /// <inheritdoc />
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Closes the channel's own connections; new calls fail.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0 && disposesInvoker)
            invoker.Dispose();
    }

    internal Uri AddressOf(IMethod method) =>
        addresses.GetOrAdd(method, static (called, channel) => new Uri(channel.Address, called.FullName), this);

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        // HttpClient would otherwise wait for the whole body.
        return invoker is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : invoker.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc />
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    private static SocketsHttpHandler OwnHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
    };

    private static HttpClient WithoutTimeout(HttpClient client)
    {
        // The default of 100 seconds would end long streams; a timeout chosen by the caller stays.
        if (client.Timeout == TimeSpan.FromSeconds(100))
            client.Timeout = Timeout.InfiniteTimeSpan;
        return client;
    }

    private static void CheckCredentials(Uri address, GrpcChannelOptions options)
    {
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException($"Address '{address}' must have the scheme http or https.", nameof(address));
        bool isSecure = address.Scheme == Uri.UriSchemeHttps;
        if (options.Credentials is { } credentials && credentials.IsSecure != isSecure)
        {
            string kind = credentials.IsSecure ? "secure" : "insecure";
            throw new InvalidOperationException(
                $"Channel is configured with {kind} channel credentials and can't use the scheme '{address.Scheme}'.");
        }
    }
}
