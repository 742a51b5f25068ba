using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>
/// Between silos arguments and results are copied; in this single process they are passed as they are. That is the same only for what
/// nobody can change, so a grain method may take and return nothing else.
/// </summary>
internal static class ArgumentRules
{
    private static readonly Type[] s_plain =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Guid), typeof(Int128), typeof(UInt128), typeof(Half), typeof(System.Numerics.BigInteger), typeof(Version), typeof(Uri),
        typeof(CancellationToken),
    ];

    private static readonly Type[] s_containers =
    [
        typeof(Nullable<>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>),
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>), typeof(Tuple<,,,,>), typeof(Tuple<,,,,,>),
        typeof(Tuple<,,,,,,>),
    ];

    private static readonly ConcurrentDictionary<Type, bool> s_known = new();

    /// <summary>Refuses a method that would share something changeable between caller and grain.</summary>
    /// <exception cref="NotSupportedException">Names interface, method, parameter and type.</exception>
    public static void Check(MethodInfo method, Type? result)
    {
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
                throw Refusal(method, $"parameter '{parameter.Name}' is passed by reference; grain methods take values.");
            if (!parameter.IsDefined(typeof(ImmutableAttribute)) && !IsImmutable(parameter.ParameterType))
                throw Refusal(method, $"parameter '{parameter.Name}' of type {parameter.ParameterType} {Advice}");
        }

        if (method.GetParameters().Count(parameter => parameter.ParameterType == typeof(CancellationToken)) > 1)
            throw Refusal(method, "it has more than one CancellationToken.");
        if (result is not null && !method.ReturnParameter.IsDefined(typeof(ImmutableAttribute)) && !IsImmutable(result))
            throw Refusal(method, $"the result of type {result} {Advice}");
    }

    private const string Advice =
        "is not immutable by declaration. Wrap it in Immutable<T>, or mark the type [Immutable] and sealed, or mark the parameter [Immutable].";

    private static bool IsImmutable(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || Array.IndexOf(s_plain, type) >= 0) return true;
        return s_known.GetOrAdd(type, static type => IsDeclaredImmutable(type));
    }

    private static bool IsDeclaredImmutable(Type type)
    {
        if (type.IsSealed && type.IsDefined(typeof(ImmutableAttribute), inherit: false)) return true;
        if (type.IsConstructedGenericType)
        {
            var definition = type.GetGenericTypeDefinition();
            if (definition == typeof(Immutable<>)) return true;
            if (Array.IndexOf(s_containers, definition) >= 0) return Array.TrueForAll(type.GenericTypeArguments, IsImmutable);
        }

        return type.IsValueType && Array.TrueForAll(
            type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic),
            field => IsImmutable(field.FieldType));
    }

    private static NotSupportedException Refusal(MethodInfo method, string why) =>
        new($"Grain method {method.DeclaringType!.FullName}.{method.Name}: {why}");
}
