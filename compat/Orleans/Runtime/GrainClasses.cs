using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Orleans.Runtime;

/// <summary>Finds the grain classes of the application: those in assemblies beside this one, of this program, that refer to it.</summary>
internal static class GrainClasses
{
    private static readonly string s_folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
    private static readonly string s_me = typeof(GrainClasses).Assembly.GetName().Name!;
    private static readonly ConcurrentDictionary<Type, GrainClass> s_classes = new();
    private static readonly Lazy<Type[]> s_types = new(FindTypes);

    /// <summary>The only class that implements a grain interface.</summary>
    /// <exception cref="ArgumentException">There is none, or more than one.</exception>
    public static GrainClass Implementing(Type grainInterface)
    {
        var types = Array.FindAll(s_types.Value, grainInterface.IsAssignableFrom);
        if (types.Length == 0)
            throw new ArgumentException($"Could not find an implementation for interface {grainInterface.FullName}");
        if (types.Length > 1)
        {
            throw new ArgumentException(
                $"Unable to identify a single appropriate grain type for interface {grainInterface.FullName}. "
                + $"Candidates: {string.Join(", ", types.Select(type => type.FullName))}");
        }

        return s_classes.GetOrAdd(types[0], static type => new GrainClass(type));
    }

    private static Type[] FindTypes()
    {
        // Other programs may lie in the same folder: only what this one was started with counts.
        var started = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        foreach (var path in started.Split(Path.PathSeparator).Where(static path => Path.GetDirectoryName(path) == s_folder))
        {
            if (NameIfReferringToMe(path) is { } name) Assembly.Load(name);
        }

        return
        [
            .. AppDomain.CurrentDomain.GetAssemblies()
                .Where(assembly => !assembly.IsDynamic && assembly.GetReferencedAssemblies().Any(name => name.Name == s_me))
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
                    && typeof(IGrain).IsAssignableFrom(type)),
        ];
    }

    /// <summary>The compiler drops references nobody names in code, so the files are asked, not the loaded assemblies only.</summary>
    private static AssemblyName? NameIfReferringToMe(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata) return null;
        var metadata = file.GetMetadataReader();
        if (!metadata.IsAssembly) return null;
        var refers = metadata.AssemblyReferences.Any(
            handle => metadata.StringComparer.Equals(metadata.GetAssemblyReference(handle).Name, s_me));
        return refers ? metadata.GetAssemblyDefinition().GetAssemblyName() : null;
    }
}
