using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Settlement.WebConsole.Serving;

/// <summary>Puts pages at their addresses, each behind the gate.</summary>
internal sealed class Routes(IEndpointRouteBuilder endpoints, Gate gate)
{
    /// <summary>A page.</summary>
    public void Get(string path, Func<ConsoleRequest, Task<IResult>> page, Admission admission = Admission.SignedIn) =>
        endpoints.MapGet("/console" + path, (HttpContext context) => gate.ServeAsync(context, page, admission));

    /// <summary>What a form does.</summary>
    public void Post(
        string path, Func<ConsoleRequest, Task<IResult>> action, Admission admission = Admission.SignedIn, bool takesFile = false) =>
        endpoints.MapPost("/console" + path, (HttpContext context) => gate.ServeAsync(context, action, admission, takesFile));
}
