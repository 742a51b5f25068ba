using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Settlement.WebConsole.Serving;

/// <summary>
/// Style, scripts and icon, from inside the assembly. Their addresses hold their hash, so that a browser may keep them for ever.
/// </summary>
internal static class AssetFiles
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["console.css"] = "text/css; charset=utf-8",
        ["console.js"] = "text/javascript; charset=utf-8",
        ["icon.svg"] = "image/svg+xml",
    };

    private static readonly Dictionary<string, (byte[] Bytes, string Hash)> Files = Types.Keys.ToDictionary(name => name, Read);

    /// <summary>Address of a file.</summary>
    public static string Address(string name) => $"/console/assets/{Files[name].Hash}/{name}";

    /// <summary>Maps the files.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach ((string name, string type) in Types)
        {
            (byte[] bytes, string hash) = Files[name];
            endpoints.MapGet($"/console/assets/{hash}/{name}", async (HttpContext context) =>
            {
                SecurityHeaders.Add(context.Response);
                context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                context.Response.ContentType = type;
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            });
        }
    }

    private static (byte[] Bytes, string Hash) Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is missing from the assembly.");
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        byte[] bytes = copy.ToArray();
        return (bytes, Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]);
    }
}
