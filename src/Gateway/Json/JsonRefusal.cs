using Microsoft.AspNetCore.Http;

namespace Settlement.Gateway.Json;

/// <summary>A refusal as bytes of JSON.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="RetryAfter">Whole seconds until the caller is to come again; null: it is told no time.</param>
/// <param name="Body">The <c>google.rpc.Status</c> in protobuf JSON, UTF-8.</param>
internal sealed record JsonRefusal(int Status, string? RetryAfter, byte[] Body)
{
    /// <summary>What every answer of the JSON face is.</summary>
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>Answers a request with it.</summary>
    public async Task Write(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        if (RetryAfter is not null) response.Headers.RetryAfter = RetryAfter;
        await response.BodyWriter.WriteAsync(Body, context.RequestAborted);
    }
}
