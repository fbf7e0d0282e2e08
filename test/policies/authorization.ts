import type { PolicyCase } from "../helpers/policy-cases";

export const cases: readonly PolicyCase[] = [
  {
    rule: "role-not-owner",
    type: "azure-native:authorization:RoleAssignment",
    right: {
      roleDefinitionId:
        "/providers/Microsoft.Authorization/roleDefinitions/f6c7c914-8db3-469d-8ca1-694a8f32e121",
    },
    wrong: {
      roleDefinitionId:
        "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    },
    unknown: "roleDefinitionId",
  },
];
