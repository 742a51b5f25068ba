using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Server;

/// <summary>One call over an HTTP/2 request: what the handler sees of it, and how it ends.</summary>
[SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A call ends exactly once, by EndAsync, which disposes the deadline.")]
internal sealed class HttpServerCall : ServerCallContext
{
    private const int NoError = 0;

    private static readonly AuthContext Anonymous = new(null, []);
    private static readonly Status DeadlineStatus = new(StatusCode.DeadlineExceeded, "Deadline Exceeded");

    private Metadata? requestHeaders;
    private Metadata? responseTrailers;
    private CallDeadline? deadline;

    internal HttpServerCall(HttpContext http, MethodOptions options, ILogger log)
    {
        Http = http;
        Options = options;
        Log = log;
    }

    internal HttpContext Http { get; }

    internal MethodOptions Options { get; }

    internal ILogger Log { get; }

    /// <summary>How responses are compressed, or null.</summary>
    internal string? ResponseEncoding { get; private set; }

    internal CallDeadline? CallDeadline => deadline;

    protected override string MethodCore => Http.Request.Path.Value!;

    protected override string HostCore => Http.Request.Host.Value ?? "";

    protected override string PeerCore
    {
        get
        {
            ConnectionInfo connection = Http.Connection;
            return connection.RemoteIpAddress?.AddressFamily switch
            {
                null => "unknown",
                AddressFamily.InterNetwork => $"ipv4:{connection.RemoteIpAddress}:{connection.RemotePort}",
                AddressFamily.InterNetworkV6 => $"ipv6:[{connection.RemoteIpAddress}]:{connection.RemotePort}",
                _ => $"unknown:{connection.RemoteIpAddress}:{connection.RemotePort}",
            };
        }
    }

    protected override DateTime DeadlineCore => deadline?.Deadline ?? DateTime.MaxValue;

    protected override CancellationToken CancellationTokenCore => deadline?.Token ?? Http.RequestAborted;

    protected override Metadata RequestHeadersCore => requestHeaders ??= RequestMetadata.Read(Http.Request.Headers);

    protected override Metadata ResponseTrailersCore => responseTrailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore =>
        Http.Connection.ClientCertificate is { } certificate ? PeerIdentity.Of(certificate) : Anonymous;

    protected override IDictionary<object, object> UserStateCore => Http.Items!;

    /// <summary>Starts the deadline and chooses the encoding of responses.</summary>
    internal void Start()
    {
        IHeaderDictionary headers = Http.Request.Headers;
        Http.Response.ContentType = GrpcProtocol.ContentType;
        if (headers.TryGetValue(GrpcProtocol.Timeout, out var timeoutText))
            StartDeadline(timeoutText.ToString());
        if (Options.ResponseEncoding is { } encoding && RequestMetadata.Accepts(headers, encoding))
            UseResponseEncoding(encoding);
    }

    /// <summary>The handler has returned: sends what it left in <see cref="ServerCallContext.Status" />.</summary>
    internal ValueTask EndAsync()
    {
        if (deadline is null)
        {
            WriteTrailers(StatusCore, responseTrailers);
            return ValueTask.CompletedTask;
        }

        return EndBeforeDeadlineAsync(deadline);
    }

    /// <summary>The handler has failed: sends the status of its exception.</summary>
    internal ValueTask FailAsync(Exception error)
    {
        StatusCore = StatusOf(error);
        return EndAsync();
    }

    /// <summary>Time is up: sends DEADLINE_EXCEEDED and closes both directions.</summary>
    internal async Task EndByDeadlineAsync()
    {
        // The handler may be adding trailers at this moment: they are not read.
        WriteTrailers(DeadlineStatus, trailers: null);
        await Http.Response.CompleteAsync();
        Http.Features.Get<IHttpResetFeature>()?.Reset(NoError);
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (Http.Response.HasStarted)
            throw new InvalidOperationException("Response headers can only be sent once per call.");
        foreach (Metadata.Entry entry in responseHeaders)
        {
            if (entry.Key == Metadata.CompressionRequestKey)
                UseResponseEncoding(entry.Value);
            else
                Http.Response.Headers.Append(entry.Key, entry.WireValue);
        }

        return Http.Response.BodyWriter.FlushAsync(CancellationToken.None).AsTask();
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("Propagation tokens are not offered by the server on Kestrel.");

    private void StartDeadline(string text)
    {
        if (TimeoutText.TryParse(text, out TimeSpan timeout))
            deadline = new CallDeadline(this, timeout);
        else
            ServerLog.InvalidTimeout(Log, text);
    }

    private void UseResponseEncoding(string encoding)
    {
        ResponseEncoding = encoding == GrpcProtocol.Identity || Options.Compression.Knows(encoding)
            ? encoding
            : throw new InvalidOperationException($"No compression provider for the response encoding '{encoding}'.");
        Http.Response.Headers[GrpcProtocol.Encoding] = encoding;
        if (encoding == GrpcProtocol.Identity)
            ResponseEncoding = null;
    }

    private async ValueTask EndBeforeDeadlineAsync(CallDeadline current)
    {
        await using (current)
        {
            if (current.TryEnd())
                WriteTrailers(StatusCore, responseTrailers);
        }
    }

    private Status StatusOf(Exception error)
    {
        if (error is RpcException raised)
        {
            ServerLog.StatusRaised(Log, raised.StatusCode, raised.Status.Detail, raised.Status.DebugException);
            foreach (Metadata.Entry entry in raised.Trailers)
                ResponseTrailersCore.Add(entry);
            return raised.Status;
        }

        if (error is OperationCanceledException or IOException && CancellationTokenCore.IsCancellationRequested)
            ServerLog.HandlerCancelled(Log, MethodCore, error);
        else
            ServerLog.HandlerFailed(Log, MethodCore, error);
        return new Status(StatusCode.Unknown, ErrorText.Of(error, Options.EnableDetailedErrors), error);
    }

    private void WriteTrailers(Status status, Metadata? trailers)
    {
        HttpResponse response = Http.Response;
        // A response without messages is "trailers only": the status goes into the one header block.
        IHeaderDictionary target = response.HasStarted
            ? Http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : response.Headers;
        if (trailers is not null)
        {
            foreach (Metadata.Entry entry in trailers)
                target.Append(entry.Key, entry.WireValue);
        }

        TrailerStatus.Write(target, status);
    }
}
