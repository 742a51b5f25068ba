using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Settlement.Persons;

/// <summary>
/// The bucket of persons that a request belongs to: what a proxy sends all of one person to the same silo by. 4,096 buckets, so that it
/// tells nobody who the person is: see docs/decisions/person-buckets.md.
/// </summary>
public static class PersonBucket
{
    /// <summary>Name of the gRPC metadata, and of the HTTP header.</summary>
    public const string Header = "settlement-bucket";

    private const int Digits = 3;

    /// <summary>The first three hexadecimal digits of the SHA-256 of the person id.</summary>
    public static string Of(string person)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(person), hash);
        return Convert.ToHexStringLower(hash[..2])[..Digits];
    }
}

/// <summary>Puts the bucket on every unary call of a client whose request names a person.</summary>
public sealed class PersonBucketInterceptor : Interceptor
{
    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        if (PersonOf(request) is not { Length: > 0 } person) return continuation(request, context);
        Metadata headers = [.. context.Options.Headers ?? []];
        headers.Add(PersonBucket.Header, PersonBucket.Of(person));
        CallOptions options = context.Options.WithHeaders(headers);
        return continuation(request, new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options));
    }

    private static string? PersonOf(object request) =>
        request is IMessage message && message.Descriptor.FindFieldByName("person") is { FieldType: FieldType.String } field
            ? (string)field.Accessor.GetValue(message)
            : null;
}
