using Microsoft.AspNetCore.Http;
using Settlement.Compat.Grpc.Server;

namespace Grpc.Core;

/// <summary>Reaches from a call to its HTTP request.</summary>
public static class ServerCallContextExtensions
{
    private const string UserStateKey = "__HttpContext";

    /// <summary>The HTTP request of a call. A test double leaves it in <c>UserState["__HttpContext"]</c>.</summary>
    /// <exception cref="InvalidOperationException">The call did not come over ASP.NET Core.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        if (serverCallContext is HttpServerCall call)
            return call.Http;
        return serverCallContext.UserState.TryGetValue(UserStateKey, out object? value) && value is HttpContext http
            ? http
            : throw new InvalidOperationException(
                "Could not get HttpContext from ServerCallContext: the call did not come over ASP.NET Core.");
    }
}
