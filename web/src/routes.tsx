import { createBrowserRouter } from 'react-router'
import { Broken } from './frame/broken.tsx'
import { Frame } from './frame/frame.tsx'
import { Opening } from './frame/opening.tsx'

/** Every address of the console. Each room is a file of its own, fetched when it is entered. */
export const router = createBrowserRouter([
  {
    path: '/sign-in',
    HydrateFallback: Opening,
    ErrorBoundary: Broken,
    lazy: async () => ({ Component: (await import('./pages/sign-in/sign-in.tsx')).SignIn }),
  },
  {
    path: '/invitation',
    HydrateFallback: Opening,
    ErrorBoundary: Broken,
    lazy: async () => ({ Component: (await import('./pages/invitation/invitation.tsx')).InvitationPage }),
  },
  {
    path: '/desktop/panel',
    HydrateFallback: Opening,
    ErrorBoundary: Broken,
    lazy: async () => ({ Component: (await import('./pages/desktop/panel.tsx')).DesktopPanel }),
  },
  {
    path: '/desktop/let-in',
    HydrateFallback: Opening,
    ErrorBoundary: Broken,
    lazy: async () => ({ Component: (await import('./pages/desktop/let-in.tsx')).LetInPage }),
  },
  {
    path: '/',
    Component: Frame,
    HydrateFallback: Opening,
    ErrorBoundary: Broken,
    children: [
      {
        ErrorBoundary: Broken,
        children: [
          { index: true, lazy: async () => ({ Component: (await import('./pages/home/home.tsx')).Home }) },
          {
            path: 'attention',
            lazy: async () => ({ Component: (await import('./pages/attention/attention.tsx')).Attention }),
          },
          {
            path: 'connections',
            lazy: async () => ({ Component: (await import('./pages/connections/connections.tsx')).Connections }),
          },
          {
            path: 'connections/new',
            lazy: async () => ({ Component: (await import('./pages/connections/wizard.tsx')).Wizard }),
          },
          {
            path: 'connections/:id',
            lazy: async () => ({ Component: (await import('./pages/connections/connection.tsx')).ConnectionPage }),
          },
          {
            path: 'connections/:id/tables/:entity',
            lazy: async () => ({ Component: (await import('./pages/connections/table.tsx')).TablePage }),
          },
          {
            path: 'authentications',
            lazy: async () => ({
              Component: (await import('./pages/authentications/authentications.tsx')).Authentications,
            }),
          },
          {
            path: 'authentications/new',
            lazy: async () => ({
              Component: (await import('./pages/authentications/new-authentication.tsx')).NewAuthenticationPage,
            }),
          },
          {
            path: 'authentications/:id',
            lazy: async () => ({
              Component: (await import('./pages/authentications/authentication.tsx')).AuthenticationPage,
            }),
          },
          { path: 'runs', lazy: async () => ({ Component: (await import('./pages/runs/runs.tsx')).Runs }) },
          { path: 'runs/:id', lazy: async () => ({ Component: (await import('./pages/runs/run.tsx')).RunPage }) },
          { path: 'records', lazy: async () => ({ Component: (await import('./pages/records/records.tsx')).Records }) },
          {
            path: 'records/:id',
            lazy: async () => ({ Component: (await import('./pages/records/record.tsx')).RecordPage }),
          },
          {
            path: 'desktop',
            lazy: async () => ({ Component: (await import('./pages/desktop/desktop.tsx')).DesktopPage }),
          },
          {
            path: 'interactions',
            lazy: async () => ({ Component: (await import('./pages/interactions/interactions.tsx')).Interactions }),
          },
          {
            path: 'interactions/:id',
            lazy: async () => ({ Component: (await import('./pages/interactions/interaction.tsx')).InteractionPage }),
          },
          { path: 'writes', lazy: async () => ({ Component: (await import('./pages/writes/writes.tsx')).Writes }) },
          {
            path: 'destinations',
            lazy: async () => ({ Component: (await import('./pages/destination/destinations.tsx')).Destinations }),
          },
          {
            path: 'destinations/:id/:entity/:crm',
            lazy: async () => ({
              Component: (await import('./pages/destination-mapping/destination-mapping.tsx')).DestinationMappingPage,
            }),
          },
          {
            path: 'configurations',
            lazy: async () => ({
              Component: (await import('./pages/configurations/configurations.tsx')).Configurations,
            }),
          },
          {
            path: 'configurations/new',
            lazy: async () => ({
              Component: (await import('./pages/configurations/new-configuration.tsx')).NewConfigurationPage,
            }),
          },
          {
            path: 'configurations/:id',
            lazy: async () => ({
              Component: (await import('./pages/configurations/configuration.tsx')).ConfigurationPage,
            }),
          },
          {
            path: 'configurations/:id/:tab',
            lazy: async () => ({
              Component: (await import('./pages/configurations/configuration.tsx')).ConfigurationPage,
            }),
          },
          {
            path: 'configurations/:id/agent-workflows/:workflow',
            lazy: async () => ({
              Component: (await import('./pages/agent-workflows/agent-workflow.tsx')).AgentWorkflowPage,
            }),
          },
          {
            path: 'configurations/:id/:tab/:part',
            lazy: async () => ({
              Component: (await import('./pages/configuration-parts/part.tsx')).PartPage,
            }),
          },
          { path: 'sites', lazy: async () => ({ Component: (await import('./pages/sites/sites.tsx')).Sites }) },
          {
            path: 'audit-log',
            lazy: async () => ({ Component: (await import('./pages/audit-log/audit-log.tsx')).AuditLog }),
          },
          { path: 'keys', lazy: async () => ({ Component: (await import('./pages/keys/keys.tsx')).Keys }) },
          {
            path: 'settings',
            lazy: async () => ({ Component: (await import('./pages/settings/settings.tsx')).Settings }),
          },
          {
            path: 'account',
            lazy: async () => ({ Component: (await import('./pages/account/account.tsx')).AccountPage }),
          },
          {
            path: 'account/crm',
            lazy: async () => ({ Component: (await import('./pages/account/crm-accounts.tsx')).CrmAccountsPage }),
          },
          { path: 'people', lazy: async () => ({ Component: (await import('./pages/people/people.tsx')).People }) },
          {
            path: 'people/:id',
            lazy: async () => ({ Component: (await import('./pages/people/person.tsx')).PersonPage }),
          },
          { path: 'roles', lazy: async () => ({ Component: (await import('./pages/roles/roles.tsx')).Roles }) },
          { path: 'roles/:id', lazy: async () => ({ Component: (await import('./pages/roles/role.tsx')).RolePage }) },
          { path: 'teams', lazy: async () => ({ Component: (await import('./pages/teams/teams.tsx')).Teams }) },
          { path: 'teams/:id', lazy: async () => ({ Component: (await import('./pages/teams/team.tsx')).TeamPage }) },
          { path: '*', lazy: async () => ({ Component: (await import('./frame/lost.tsx')).Lost }) },
        ],
      },
    ],
  },
])
