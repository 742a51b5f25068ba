using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Gateway.Front;
using Settlement.Gateway.Refusals;

namespace Settlement.Gateway.Services;

/// <summary>The messages of a client's stream.</summary>
internal static class RequestStreams
{
    /// <summary>Reads the messages as they come.</summary>
    /// <exception cref="RefusalException">MALFORMED_REQUEST: the bytes are no such message.</exception>
    /// <exception cref="OperationCanceledException">The caller broke the stream off, or its connection is gone.</exception>
    public static async IAsyncEnumerable<T> Requests<T>(
        this IAsyncStreamReader<T> stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await MoveNext()) yield return stream.Current;

        async Task<bool> MoveNext()
        {
            try
            {
                return await stream.MoveNext(cancellation);
            }
            catch (InvalidProtocolBufferException unread)
            {
                throw new RefusalException(FrameworkStatus.ToRefusal(StatusCode.InvalidArgument, unread.Message));
            }
            catch (IOException broken)
            {
                // The caller's doing, and often before the token tells of it: no defect, or any caller could fill the log with them.
                throw new OperationCanceledException("The caller broke the stream off.", broken, cancellation);
            }
        }
    }
}
