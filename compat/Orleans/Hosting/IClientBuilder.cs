using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Orleans.Hosting
{
    /// <summary>Configures a client outside the silos.</summary>
    public interface IClientBuilder
    {
        /// <summary>The services of the host.</summary>
        IServiceCollection Services { get; }

        /// <summary>The configuration of the host.</summary>
        IConfiguration Configuration { get; }
    }

    /// <summary>Options of a client.</summary>
    public static class ClientBuilderExtensions
    {
        /// <summary>Sets options in code.</summary>
        public static IClientBuilder Configure<TOptions>(this IClientBuilder builder, Action<TOptions> configureOptions)
            where TOptions : class
        {
            ArgumentNullException.ThrowIfNull(builder);
            builder.Services.Configure(configureOptions);
            return builder;
        }

        /// <summary>Lets the work of grains belong to the trace of their callers.</summary>
        public static IClientBuilder AddActivityPropagation(this IClientBuilder builder) => builder;
    }
}

namespace Microsoft.Extensions.Hosting
{
    /// <summary>Adds a client to a host: not here.</summary>
    public static class OrleansClientGenericHostExtensions
    {
        /// <summary>
        /// Refused at once: silos of the stand-in live in one process with their callers, and nobody reaches them from outside.
        /// </summary>
        /// <exception cref="NotSupportedException">Always.</exception>
        public static IHostApplicationBuilder UseOrleansClient(
            this IHostApplicationBuilder hostAppBuilder, Action<Orleans.Hosting.IClientBuilder> configureDelegate) =>
            throw new NotSupportedException(Orleans.Hosting.AdoNetHostingExtensions.OneSiloOnly);
    }
}
