using Grpc.Core;

namespace Settlement.Compat.Grpc.Common;

/// <summary>Turns header values of the wire into metadata.</summary>
internal static class HeaderValues
{
    /// <summary>Adds one header line; a binary one may hold several values, separated by commas, with or without padding.</summary>
    /// <exception cref="RpcException">INTERNAL: a binary value is not base64.</exception>
    internal static void AddTo(Metadata metadata, string key, string value)
    {
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(key, value);
            return;
        }

        foreach (string part in value.Split(',', StringSplitOptions.TrimEntries))
            metadata.Add(key, Decode(key, part));
    }

    private static byte[] Decode(string key, string base64)
    {
        int missing = (4 - (base64.Length % 4)) % 4;
        try
        {
            return Convert.FromBase64String(missing == 0 ? base64 : base64 + new string('=', missing));
        }
        catch (FormatException error)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"Metadata '{key}' is not base64.", error));
        }
    }
}
