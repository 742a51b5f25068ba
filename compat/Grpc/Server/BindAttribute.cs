using System.Reflection;
using Grpc.Core;

namespace Settlement.Compat.Grpc.Server;

/// <summary>Finds the attribute that generated code puts on the base class of a service.</summary>
internal static class BindAttribute
{
    internal static BindServiceMethodAttribute? Find(Type service)
    {
        for (Type? type = service; type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } attribute)
                return attribute;
        }

        return null;
    }
}
